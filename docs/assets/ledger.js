// The ledger can be filtered by text and by version, the table of recipes by text. Without this
// script they are plain tables.
(() => {
  const place = document.querySelector(".ps-filter");
  if (!place) return;
  const tables = [...document.querySelectorAll("table.ps-ledger, table.ps-recipes")];
  const versions = [...tables[0].tHead.querySelectorAll("[data-version]")].map((cell) => cell.dataset.version);

  const text = Object.assign(document.createElement("input"), { type: "search", id: "ps-filter-text" });
  const version = Object.assign(document.createElement("select"), { id: "ps-filter-version" });
  for (const name of ["any Python", ...versions]) version.append(new Option(name));
  const label = (control, words) =>
    Object.assign(document.createElement("label"), { htmlFor: control.id, textContent: words });
  const what = place.dataset.what ?? "claims";
  const count = Object.assign(document.createElement("output"), { htmlFor: "ps-filter-text ps-filter-version" });
  place.append(label(text, `${what[0].toUpperCase()}${what.slice(1)} with`), text);
  if (versions.length) place.append(label(version, "run on"), version);
  place.append(count);
  place.hidden = false;

  const filter = () => {
    let shown = 0;
    for (const table of tables) {
      let here = 0;
      for (const row of table.tBodies[0].rows) {
        const fits = row.textContent.toLowerCase().includes(text.value.toLowerCase());
        const cell = row.querySelector(`[data-version="${version.value}"]`);
        const ran = cell === null || "✓≠".includes(cell.textContent || "none");
        row.hidden = !(fits && ran);
        here += !row.hidden;
      }
      table.hidden = !here;
      const heading = table.previousElementSibling;
      if (heading !== place) heading.hidden = !here;
      shown += here;
    }
    count.textContent = `${shown} ${shown === 1 ? what.slice(0, -1) : what}`;
  };
  text.addEventListener("input", filter);
  version.addEventListener("input", filter);
  filter();
})();
