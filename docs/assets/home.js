// On a phone the home page ends after two screens: what follows its choices unfolds at a tap.
(() => {
  const narrow = matchMedia("(max-width: 44.99em)");
  const fold = () => document.querySelectorAll("details.ps-more").forEach((more) => (more.open = !narrow.matches));
  narrow.addEventListener("change", fold);
  fold();
})();
