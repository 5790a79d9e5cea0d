// Figures are put in the text by buttons, where one was writing; words selected in a source are quoted below it.
// Without scripts, what is between braces is read beside each button's name and typed.
(() => {
  "use strict";
  const LONGEST = 2000;
  let last = null;

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea[data-figures]")) last = event.target;
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-inserts]");
    if (!button) return;
    const field = last || document.querySelector("textarea[data-figures]");
    const block = /^\{\{ (tableau|citation):/.test(button.dataset.inserts);
    const before = field.value.slice(0, field.selectionStart);
    const space = block && before.trim() && !before.endsWith("\n\n") ? "\n\n" : "";
    field.focus();
    field.setRangeText(space + button.dataset.inserts + (block ? "\n\n" : ""), field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const label = document.querySelector(`label[for="${field.id}"]`);
    const said = document.querySelector("[data-inserted]");
    if (said) said.textContent = `Posé dans « ${label ? label.firstChild.textContent.trim() : "le texte"} ».`;
  });

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const node = selection.anchorNode && selection.anchorNode.parentElement;
    const part = node && node.closest(".source__part");
    const words = selection.toString().replace(/\s+/g, " ").trim();
    if (!part || !words) return;
    const source = part.closest(".source");
    source.querySelector("textarea").value = words.slice(0, LONGEST);
    const choice = source.querySelector(`input[type=radio][value="${part.dataset.section}"]`);
    if (choice) choice.checked = true;
  });
})();
