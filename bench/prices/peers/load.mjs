/** Imports a package from this folder's node_modules: specifiers resolve where this file lies. */
export const load = (specifier) => import(specifier);
