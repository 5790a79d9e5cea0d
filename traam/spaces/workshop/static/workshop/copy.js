/* « Copier les adresses »: the field stays there for whoever has no script, or whose browser refuses. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copies]");
    if (!button) return;
    var field = document.getElementById(button.dataset.copies);
    var said = button.parentNode.querySelector("[role=status]");
    function refused() {
      field.focus();
      field.select();
      said.textContent = "Les adresses sont sélectionnées : copiez-les avec Ctrl + C.";
    }
    if (!navigator.clipboard) return refused();
    navigator.clipboard.writeText(field.value).then(function () {
      said.textContent = "Adresses copiées.";
    }, refused);
  });
})();
