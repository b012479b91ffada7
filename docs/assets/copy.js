// Buttons that copy: each program, and the page as Markdown. Without this script there are the
// programs themselves, and links to both.
(() => {
  if (!navigator.clipboard) return;

  /** Make a button that copies what `read` gives, and says so. */
  const make = (label, read, otherwise) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(await read());
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = label), 2000);
      } catch {
        otherwise();
      }
    });
    return button;
  };

  for (const block of document.querySelectorAll(".md-content .highlight")) {
    const code = block.querySelector("pre > code");
    const line = block.parentElement.querySelector(":scope > .ps-evidence > a"); // of a figure
    const button = make(
      "Copy",
      () => block.parentElement.querySelector(":scope > textarea")?.value ?? code.textContent,
      () => getSelection().selectAllChildren(code),
    );
    button.className = "ps-copy";
    // In the cheat sheet it stands in the line below, so that no line of code is cut.
    if (line) line.before(button);
    else if (block.closest(".ps-sheet")) block.nextElementSibling.append(" ", button);
    else block.prepend(button);
  }

  const link = document.querySelector(".ps-markdown a");
  const read = async () => {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  };
  // A page that is a file can be opened, not fetched.
  link?.before(make("Copy as Markdown", read, () => (location.href = link.href)), " ");
})();
