/** For screen and paper; no font, image or script from anywhere. */
export const style = `
:root { color-scheme: light; }
body { margin: 0; background: #f4f4f1; color: #1d1d1b; font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 2rem auto; padding: 3rem; background: #fff; border-radius: 6px; }
header p { margin: 0; color: #66665f; }
h1 { margin: .2rem 0; font-size: 1.9rem; overflow-wrap: anywhere; }
.due { margin: 1.5rem 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
.due span { display: block; color: #66665f; font-size: .85rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .45rem .5rem; border-bottom: 1px solid #e3e3de; text-align: left; vertical-align: top; }
th { color: #66665f; font-weight: 500; font-size: .85rem; }
td span, .exact { color: #66665f; }
.exact { font-size: .85rem; }
.n { text-align: right; white-space: nowrap; }
tfoot td { border-bottom: 0; border-top: 2px solid #1d1d1b; font-weight: 600; }
a { color: inherit; }
main > p:not(.due) { color: #66665f; font-size: .85rem; }
@media print {
  @page { margin: 18mm; }
  body { background: #fff; font-size: 10pt; }
  main { margin: 0; padding: 0; max-width: none; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}`;
