/* « Copier » copies the text of the element it names; without scripts, the text is there to be selected. */
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copies]").forEach(function (place) {
    var told = place.querySelector("[role=status]");
    place.hidden = false;
    place.querySelector("button").addEventListener("click", function () {
      var text = document.getElementById(place.dataset.copies).textContent.trim();
      told.textContent = "";
      navigator.clipboard.writeText(text).then(
        function () { told.textContent = "Copié."; },
        function () { told.textContent = "Votre navigateur a refusé : sélectionnez le texte."; }
      );
    });
  });
})();
