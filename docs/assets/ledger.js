// The ledger can be filtered by text and by version. Without this script it is a plain table.
(() => {
  const place = document.querySelector(".ps-filter");
  if (!place) return;
  const tables = [...document.querySelectorAll("table.ps-ledger")];
  const versions = [...tables[0].tHead.querySelectorAll("[data-version]")].map((cell) => cell.dataset.version);

  const text = Object.assign(document.createElement("input"), { type: "search", id: "ps-filter-text" });
  const version = Object.assign(document.createElement("select"), { id: "ps-filter-version" });
  for (const name of ["any Python", ...versions]) version.append(new Option(name));
  const label = (control, words) =>
    Object.assign(document.createElement("label"), { htmlFor: control.id, textContent: words });
  const told = Object.assign(document.createElement("output"), { htmlFor: "ps-filter-text ps-filter-version" });
  place.append(label(text, "Claims with"), text, label(version, "run on"), version, told);
  place.hidden = false;

  const filter = () => {
    let shown = 0;
    for (const table of tables) {
      let here = 0;
      for (const row of table.tBodies[0].rows) {
        const cell = row.querySelector(`[data-version="${version.value}"]`);
        const fits = row.cells[0].textContent.toLowerCase().includes(text.value.toLowerCase());
        const ran = version.selectedIndex === 0 || "✓≠".includes(cell.textContent || "none");
        row.hidden = !(fits && ran);
        here += !row.hidden;
      }
      table.hidden = !here;
      table.previousElementSibling.hidden = !here;
      shown += here;
    }
    told.textContent = `${shown} claims`;
  };
  text.addEventListener("input", filter);
  version.addEventListener("input", filter);
  filter();
})();
