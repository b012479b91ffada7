// The index of the search weighs more than any page, and its worker more than a page of text. The
// theme asks for both at once; this makes them wait until somebody turns to the search. Loaded
// before the theme's own script. Where the search has no field yet, as in another theme, it is left alone.
(() => {
  if (!document.querySelector(".md-search__input")) return;
  const wanted = new Promise((resolve) => {
    document.addEventListener("focusin", ({ target }) => target.matches(".md-search__input") && resolve());
    document.addEventListener("change", ({ target }) => target.matches("#__search") && resolve());
  });

  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    this.waits = String(url).endsWith("search/search_index.json");
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    return this.waits ? void wanted.then(() => send.call(this, body)) : send.call(this, body);
  };

  const Now = window.Worker;
  class Later extends EventTarget {
    constructor(url) {
      super();
      this.started = wanted.then(() => {
        const worker = new Now(url);
        worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }));
        return worker;
      });
    }
    postMessage(message) {
      this.started.then((worker) => worker.postMessage(message));
    }
  }
  window.Worker = function (url, options) {
    return String(url).includes("/workers/search.") ? new Later(url) : new Now(url, options);
  };
})();
