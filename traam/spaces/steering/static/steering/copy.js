/* « Copier le texte » of a field: without scripts, or when the browser refuses, the text is there to be selected. */
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll(".short-text__copy").forEach(function (line) {
    var button = line.querySelector("button");
    var field = document.getElementById(button.dataset.copies);
    var said = line.querySelector("[role=status]");
    line.hidden = false;
    button.addEventListener("click", function () {
      said.textContent = "";
      navigator.clipboard.writeText(field.value).then(function () {
        said.textContent = "Copié.";
      }, function () {
        field.focus();
        field.select();
        said.textContent = "Le texte est sélectionné : copiez-le avec Ctrl + C.";
      });
    });
  });
})();
