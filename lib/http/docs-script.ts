/** What the page does when scripts may run: search, copy buttons, and the address it was loaded from. */
export const script = `
const all = (selector) => [...document.querySelectorAll(selector)];
if (location.protocol.startsWith("http")) {
  for (const place of all("[data-origin]")) place.textContent = location.origin;
}

const box = document.getElementById("search");
const rows = all("[data-find]");
const groups = all("[data-group]");
const nothing = document.getElementById("nothing");
const search = () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  document.body.classList.toggle("searching", words.length > 0);
  for (const row of rows) row.hidden = !words.every((word) => row.dataset.find.includes(word));
  for (const group of groups) group.hidden = !group.querySelector("[data-find]:not([hidden])");
  nothing.hidden = groups.some((group) => !group.hidden);
};
box.closest("search").hidden = false;
box.addEventListener("input", search);
addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== box) {
    event.preventDefault();
    box.focus();
  }
  if (event.key === "Escape" && document.activeElement === box) {
    box.value = "";
    search();
  }
});
addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.closest("[hidden]")) return;
  box.value = "";
  search();
  target.scrollIntoView();
});

for (const figure of all("figure.code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(figure.querySelector("code").textContent).then(() => "Copied", () => "Not allowed");
    button.textContent = done;
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  figure.querySelector("figcaption").append(button);
}

const menu = document.getElementById("menu");
const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
for (const link of links.values()) link.addEventListener("click", () => { menu.checked = false; });
const seen = new IntersectionObserver((entries) => {
  const entry = entries.find(({ isIntersecting }) => isIntersecting);
  if (!entry) return;
  for (const link of links.values()) link.removeAttribute("aria-current");
  const link = links.get(entry.target.id);
  link?.setAttribute("aria-current", "true");
  link?.scrollIntoView({ block: "nearest" });
}, { rootMargin: "-10% 0px -80% 0px" });
for (const part of all("main article[id], #problems")) if (links.has(part.id)) seen.observe(part);
`;
