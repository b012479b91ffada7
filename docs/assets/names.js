// Names what the theme leaves without one, for whoever has the page read aloud.
(() => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  for (const nav of document.querySelectorAll("nav.md-nav[aria-labelledby]")) {
    const label = document.getElementById(nav.getAttribute("aria-labelledby"));
    if (label?.textContent.trim()) continue;
    nav.removeAttribute("aria-labelledby");
    nav.setAttribute("aria-label", `Pages: ${nav.querySelector(".md-nav__title").textContent.trim()}`);
  }
  // A section of the page may be called as one of the site is.
  for (const nav of document.querySelectorAll(".md-nav--secondary .md-nav[aria-label]")) {
    nav.setAttribute("aria-label", `On this page: ${nav.getAttribute("aria-label")}`);
  }
  // The buttons at a program come later, each in a landmark of its own; they are none.
  const silence = () => {
    for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) nav.setAttribute("role", "none");
  };
  new MutationObserver(silence).observe(document.body, { childList: true, subtree: true });
  silence();
})();
