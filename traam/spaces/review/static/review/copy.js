/* « Copier » a field: without script, or when the browser refuses, the text is there to be selected. */
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll(".sheet__copy").forEach(function (line) { line.hidden = false; });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copies]");
    if (!button) return;
    var field = document.getElementById(button.dataset.copies);
    var said = button.parentNode.querySelector("[role=status]");
    navigator.clipboard.writeText(field.value).then(function () {
      said.textContent = "Copié.";
    }, function () {
      field.focus();
      field.select();
      said.textContent = "Le texte est sélectionné : copiez-le avec Ctrl + C.";
    });
  });
})();
