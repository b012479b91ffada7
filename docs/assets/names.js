// For a reader with a screen reader or a keyboard: name what the theme leaves without a name.
(() => {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
  for (const nav of document.querySelectorAll("nav.md-nav[aria-labelledby]")) {
    const label = document.getElementById(nav.getAttribute("aria-labelledby"));
    if (label?.textContent.trim()) continue;
    nav.removeAttribute("aria-labelledby");
    nav.setAttribute("aria-label", `Pages: ${nav.querySelector(".md-nav__title").textContent.trim()}`);
  }
  // A section of the page may have the name of a section of the site, or of the section around it.
  for (const nav of document.querySelectorAll(".md-nav--secondary .md-nav[aria-label]")) {
    const outer = nav.parentElement.closest(".md-nav--secondary .md-nav[aria-label]");
    nav.setAttribute("aria-label", `${outer ? `${outer.ariaLabel},` : "On this page:"} ${nav.ariaLabel}`);
  }
  // A program that is wider than its page can be scrolled by keyboard.
  const sized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const code of document.querySelectorAll("pre > code")) sized.observe(code);
})();
