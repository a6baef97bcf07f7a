import { useEffect, useState } from 'react';

/** A canvas keeps the letters it was drawn with: draw again once the page's own have come. */
export function useFontsLoaded(): boolean {
  const [loaded, setLoaded] = useState(() => document.fonts.status === 'loaded');
  useEffect(() => {
    let here = true;
    void document.fonts.ready.then(() => here && setLoaded(true));
    return () => {
      here = false;
    };
  }, []);
  return loaded;
}
