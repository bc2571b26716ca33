export const style = `
:root {
  color-scheme: light dark;
  --page: #fff; --side: #f6f7f9; --line: #e2e5ea; --ink: #1a202c; --soft: #5b6472;
  --accent: #3347c4; --mark: #e9ecfb; --panel: #141a2b; --panel-ink: #dbe2f3; --panel-soft: #8f9bb8;
  --get: #0b63b5; --post: #137a45; --put: #9a5b00; --patch: #6c3fc0; --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141d; --side: #151a25; --line: #2a3140; --ink: #e4e8f0; --soft: #9aa5b8;
    --accent: #96a8ff; --mark: #222a48; --panel: #0a0e17;
    --get: #6cb6ff; --post: #57c98a; --put: #e5ad52; --patch: #b69aff; --delete: #ff8b81;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1.5rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
code, pre { font: 0.86em/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
.skip, #menu { position: absolute; opacity: 0; pointer-events: none; }
.skip:focus { opacity: 1; z-index: 3; padding: 0.5rem 1rem; background: var(--page); }

.side { position: fixed; inset: 0 auto 0 0; width: 17.5rem; padding: 1.25rem 0.75rem 2rem; overflow-y: auto; background: var(--side); border-right: 1px solid var(--line); scrollbar-width: thin; }
.brand { display: flex; align-items: baseline; gap: 0.5rem; padding: 0 0.6rem; font-weight: 650; }
.brand a { color: inherit; }
.brand small { color: var(--soft); font-weight: 400; }
search { display: block; padding: 0.9rem 0.6rem 0.2rem; }
search input { width: 100%; padding: 0.45rem 0.7rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 0.5rem; }
nav h2 { margin: 1.2rem 0.6rem 0.25rem; font-size: 0.72rem; letter-spacing: 0.07em; text-transform: uppercase; color: var(--soft); border: 0; padding: 0; }
nav h2 a { color: inherit; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: flex; gap: 0.55rem; align-items: baseline; padding: 0.2rem 0.6rem; border-radius: 0.4rem; color: var(--ink); font-size: 0.88rem; line-height: 1.45; }
nav li a:hover { background: var(--line); text-decoration: none; }
nav li a[aria-current] { background: var(--mark); color: var(--accent); }
nav .method { flex: 0 0 2.9rem; padding: 0; background: none; font-size: 0.64rem; }
.menu { display: none; }

main { margin-left: 17.5rem; padding: 2.5rem clamp(1.25rem, 3.5vw, 3.5rem) 6rem; max-width: 92rem; }
h1 { margin: 0 0 0.25rem; font-size: 2rem; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 3.5rem 0 0.5rem; padding-top: 1rem; font-size: 1.5rem; letter-spacing: -0.01em; }
h3 { margin: 0 0 0.3rem; font-size: 1.15rem; }
h3 a { color: inherit; }
h4 { margin: 1.4rem 0 0.35rem; font-size: 0.78rem; letter-spacing: 0.05em; text-transform: uppercase; color: var(--soft); }
h4 small { text-transform: none; letter-spacing: 0; font-weight: 500; font-size: 0.9em; margin-left: 0.3rem; }
p { margin: 0.35rem 0 0.7rem; max-width: 44rem; }
.version { display: inline-block; padding: 0.05rem 0.55rem; margin-left: 0.6rem; border-radius: 1rem; background: var(--mark); color: var(--accent); font-size: 0.8rem; font-weight: 600; letter-spacing: 0; vertical-align: middle; }
.lead { font-size: 1.06rem; }
.files { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 1.1rem 0 1.6rem; padding: 0; list-style: none; }
.files a { display: block; padding: 0.3rem 0.85rem; border: 1px solid var(--line); border-radius: 0.5rem; }
.rules { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 0.9rem; margin: 1.5rem 0; }
.rules div { padding: 0.9rem 1.1rem; border: 1px solid var(--line); border-radius: 0.7rem; }
.rules h3 { font-size: 0.95rem; }
.rules p { margin: 0; font-size: 0.9rem; color: var(--soft); }
.searching #overview { display: none; }
.searching section > p, .searching section > table { display: none; }

article { padding: 1.8rem 0; border-top: 1px solid var(--line); min-width: 0; }
article:target h3 a { color: var(--accent); }
tr:target { background: var(--mark); }
article:has(> .samples) { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 27rem); gap: 0 2.5rem; }
.about, .samples { min-width: 0; }
.samples { position: sticky; top: 1.5rem; align-self: start; }
.route { display: flex; gap: 0.6rem; align-items: baseline; flex-wrap: wrap; }
.route code { overflow-wrap: anywhere; font-size: 0.9rem; }
.method { --tone: var(--get); padding: 0.05rem 0.5rem; border-radius: 0.35rem; font-size: 0.74rem; font-weight: 700; letter-spacing: 0.04em; color: var(--tone); background: color-mix(in srgb, var(--tone) 13%, transparent); }
.post { --tone: var(--post); } .put { --tone: var(--put); } .patch { --tone: var(--patch); } .delete { --tone: var(--delete); }
.from { margin-left: 0.4rem; font-size: 0.74rem; font-weight: 500; color: var(--soft); }

table { width: 100%; max-width: 56rem; border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 0.45rem 0.9rem 0.45rem 0; text-align: left; vertical-align: top; font-weight: 400; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
tbody tr:first-child > * { border-top-color: color-mix(in srgb, var(--soft) 55%, transparent); }
.answers tbody tr:first-child > * { border-top-color: var(--line); }
.fields th { width: 38%; }
.fields .values { color: var(--soft); font-size: 0.94em; }
.values i { font-style: normal; opacity: 0.5; }
.fields p { margin: 0.1rem 0 0; }
.fields th code { font-weight: 600; }
.fields em { margin-left: 0.3rem; font-style: normal; font-size: 0.72rem; color: var(--soft); }
.fields .required { color: var(--delete); }
.type { color: var(--soft); } .type i { font-style: normal; opacity: 0.6; }
.fields small { color: var(--soft); font-size: 0.82rem; }
.fields small:not(:empty)::before { content: "· "; }
.answers { max-width: 46rem; } .answers th { width: 4.5rem; white-space: nowrap; }
#problems .answers th { width: 15rem; }
.answers ul { margin: 0; padding: 0; list-style: none; }
.answers td:last-child { text-align: right; padding-right: 0; } #problems td:last-child { text-align: left; }
.header { display: inline-block; padding: 0 0.4rem; margin: 0 0 0.15rem 0.2rem; border: 1px solid var(--line); border-radius: 0.3rem; font-size: 0.76rem; color: var(--soft); }
.status { font-weight: 650; font-variant-numeric: tabular-nums; }
.s2 { color: var(--post); } .s3 { color: var(--get); } .s4 { color: var(--put); } .s5 { color: var(--delete); }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--accent); font-size: 0.92rem; margin-bottom: 0.5rem; }

.code { margin: 0 0 1rem; border-radius: 0.7rem; background: var(--panel); color: var(--panel-ink); overflow: hidden; border: 1px solid color-mix(in srgb, var(--panel-soft) 25%, transparent); }
.code figcaption { display: flex; justify-content: space-between; align-items: center; min-height: 2.2rem; padding: 0 0.5rem 0 1rem; font-size: 0.76rem; color: var(--panel-soft); border-bottom: 1px solid color-mix(in srgb, var(--panel-soft) 22%, transparent); }
.code button { padding: 0.1rem 0.6rem; font: inherit; color: inherit; background: none; border: 1px solid color-mix(in srgb, var(--panel-soft) 40%, transparent); border-radius: 0.35rem; cursor: pointer; }
.code button:hover { color: var(--panel-ink); }
.code pre { margin: 0; padding: 0.8rem 1rem; max-height: 26rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.9rem; scrollbar-width: thin; }

@media (max-width: 72rem) {
  article:has(> .samples) { grid-template-columns: minmax(0, 1fr); }
  .samples { position: static; margin-top: 1.2rem; }
}
@media (max-width: 52rem) {
  html { scroll-padding-top: 4.2rem; }
  .menu { display: flex; position: sticky; top: 0; z-index: 2; justify-content: space-between; align-items: center; padding: 0.7rem 1.1rem; background: var(--side); border-bottom: 1px solid var(--line); font-weight: 650; }
  .menu span { font-weight: 500; font-size: 0.85rem; padding: 0.2rem 0.8rem; border: 1px solid var(--line); border-radius: 0.5rem; }
  #menu:focus-visible + .menu span { outline: 2px solid var(--accent); }
  .side { display: none; inset: 3.3rem 0 0 0; width: auto; z-index: 1; border: 0; }
  .side .brand { display: none; }
  #menu:checked ~ .side { display: block; }
  main { margin-left: 0; padding-top: 1.5rem; }
  .fields tr { display: block; padding: 0.5rem 0; border-top: 1px solid var(--line); }
  .fields th, .fields td { display: block; width: auto; border: 0; padding: 0; }
  .answers td:last-child:not(:only-child) { display: none; } #problems .answers td:last-child { display: table-cell; }
  #problems .answers th { width: 9rem; white-space: normal; }
}
`;
