// The index of the search weighs more than any page. The theme asks for it at once; this makes
// it wait until somebody turns to the search. Loaded before the theme's own script.
(() => {
  const send = XMLHttpRequest.prototype.send;
  const open = XMLHttpRequest.prototype.open;
  const wanted = new Promise((resolve) => {
    document.addEventListener("focusin", ({ target }) => target.matches(".md-search__input") && resolve());
    document.addEventListener("change", ({ target }) => target.matches("#__search") && resolve());
  });
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    this.waits = String(url).endsWith("search/search_index.json");
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    return this.waits ? void wanted.then(() => send.call(this, body)) : send.call(this, body);
  };
})();
