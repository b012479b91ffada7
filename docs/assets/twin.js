// Beside the link to a page's Markdown, a button that copies it. Without this script there is the link.
(() => {
  const link = document.querySelector(".ps-twin a");
  if (!link || !navigator.clipboard) return;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy as Markdown" });
  const status = document.createElement("output");
  button.addEventListener("click", async () => {
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.statusText);
      await navigator.clipboard.writeText(await answer.text());
      status.textContent = " Copied.";
      setTimeout(() => (status.textContent = ""), 3000);
    } catch {
      location.href = link.href; // as from a file: there it can be read, not fetched
    }
  });
  link.before(button, " ");
  link.after(status);
})();
