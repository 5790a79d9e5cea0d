// The words selected in a part are quoted by the remark one opens on it. Without scripts, they are copied by hand.
(() => {
  "use strict";
  const LONGEST = 500;
  let part = null;
  let words = "";

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    // What is said aloud around the words that came or went is not in the text.
    const said = selection.toString().replace(/\s+/g, " ");
    const text = said.replace(/ ?\[(?:ajouté|retiré) : /g, " ").replace(/\] /g, " ").replace(/ +/g, " ").trim();
    // A click on « Faire une remarque » undoes the selection: what was last selected stays.
    if (!text || !selection.anchorNode) return;
    const node = selection.anchorNode.parentElement;
    if (!node || node.closest(".part__remarks")) return;
    part = node.closest(".part");
    words = text.slice(0, LONGEST);
  });

  document.querySelectorAll(".part__new").forEach((form) => {
    form.addEventListener("toggle", () => {
      const quote = form.querySelector("[name=quote]");
      if (!form.open || !quote || quote.value || !words || form.closest(".part") !== part) return;
      quote.value = words;
    });
  });
})();
