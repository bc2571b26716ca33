const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];

/** @throws Error when the page has no such element */
const element = <T extends HTMLElement>(id: string, kind: new () => T): T => {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}.`);
};

/** Puts the address that the page was loaded from into the samples. */
const showOrigin = () => {
  if (!location.protocol.startsWith("http")) return;
  for (const place of all("[data-origin]")) place.textContent = location.origin;
};

const box = element("search", HTMLInputElement);
const rows = all("[data-find]");
const groups = all("[data-group]");
const nothing = element("nothing", HTMLElement);

/** Hides every element that lacks one of the typed words. */
const search = () => {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  document.body.classList.toggle("searching", words.length > 0);
  for (const row of rows) row.hidden = !words.every((word) => row.dataset.find?.includes(word));
  for (const group of groups) group.hidden = !group.querySelector("[data-find]:not([hidden])");
  nothing.hidden = groups.some((group) => !group.hidden);
};

const clearSearch = () => {
  box.value = "";
  search();
};

/** Searches while a person types. `/` focuses the box; Escape, and a link to a hidden part, clear it. */
const openSearch = () => {
  const place = box.closest("search");
  if (place instanceof HTMLElement) place.hidden = false;
  box.addEventListener("input", search);
  addEventListener("keydown", (event) => {
    const isTyping = document.activeElement === box;
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      box.focus();
    }
    if (event.key === "Escape" && isTyping) clearSearch();
  });
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.closest("[hidden]")) return;
    clearSearch();
    target.scrollIntoView();
  });
};

const copiedMs = 1500;

const copy = async (text: string) => {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    return "Not allowed";
  }
};

const addCopyButton = (figure: HTMLElement) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    button.textContent = await copy(figure.querySelector("code")?.textContent ?? "");
    setTimeout(() => {
      button.textContent = "Copy";
    }, copiedMs);
  });
  figure.querySelector("figcaption")?.append(button);
};

/** Marks the visible part in the contents. On a phone, a click on a link closes the contents. */
const followReading = () => {
  const menu = element("menu", HTMLInputElement);
  const anchors = [...document.querySelectorAll<HTMLAnchorElement>("nav a")];
  const links = new Map(anchors.map((link) => [link.hash.slice(1), link]));
  for (const link of links.values())
    link.addEventListener("click", () => {
      menu.checked = false;
    });
  const mark = (entries: IntersectionObserverEntry[]) => {
    const entry = entries.find(({ isIntersecting }) => isIntersecting);
    if (!entry) return;
    for (const link of links.values()) link.removeAttribute("aria-current");
    const link = links.get(entry.target.id);
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
  };
  const seen = new IntersectionObserver(mark, { rootMargin: "-10% 0px -80% 0px" });
  for (const part of all("main article[id], #problems")) if (links.has(part.id)) seen.observe(part);
};

showOrigin();
openSearch();
for (const figure of all("figure.code")) addCopyButton(figure);
followReading();
