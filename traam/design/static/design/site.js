/* What pages gain from scripts. Everything works without. */
(function () {
  "use strict";

  function announce(sentence) {
    var place = document.getElementById("annonces");
    if (!place) return;
    place.textContent = "";
    setTimeout(function () {
      place.textContent = sentence;
    }, 100);
  }

  /* What the last action did: a screen reader says only what changes after the page has opened. */
  var said = document.querySelector("[data-announce]");
  if (said) announce(said.innerText.trim());

  /* The summary of errors takes the focus, and its lines bring to the control itself. */
  function focusSummary(root) {
    var summary = root.querySelector("[data-focus-me]");
    if (summary) summary.focus();
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest(".error-summary a[href^='#']");
    if (!link) return;
    var control = document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    control.focus({ preventScroll: true });
    (control.closest(".form-field") || control).scrollIntoView({ block: "start" });
  });

  /* A file that is too heavy is said at once: sending it would take minutes, to be refused. */
  function weight(bytes) {
    var many = bytes < 1e9 ? [bytes / 1e6, "Mo"] : [bytes / 1e9, "Go"];
    return many[0].toLocaleString("fr-FR", { maximumFractionDigits: 1 }) + "\u00a0" + many[1];
  }

  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-most]")) return;
    var most = Number(input.dataset.most);
    var heavy = Array.from(input.files).find(function (file) {
      return file.size > most;
    });
    var id = input.id + "-poids";
    var said = document.getElementById(id);
    if (said) said.remove();
    input.setAttribute(
      "aria-describedby",
      (input.getAttribute("aria-describedby") || "").replace(" " + id, "") + (heavy ? " " + id : "")
    );
    if (!heavy) return;
    said = document.createElement("p");
    said.id = id;
    said.className = "fr-message fr-message--error";
    said.textContent =
      "«\u00a0" + heavy.name + "\u00a0» pèse " + weight(heavy.size) + "\u00a0: " + weight(most) +
      " au plus. Choisissez un fichier plus léger, ou partagez un lien.";
    input.insertAdjacentElement("afterend", said);
    input.value = "";
    announce(said.textContent);
  });

  /* How many characters are left: seen at each key, said only when the typing pauses. */
  function plural(count, word) {
    return count.toLocaleString("fr-FR") + "\u00a0" + word + (count < 2 ? "" : "s");
  }

  function count(area) {
    if (area.dataset.counted) return;
    area.dataset.counted = "yes";
    var limit = Number(area.dataset.limit);
    var seen = document.createElement("p");
    seen.className = "count-left fr-hint-text";
    seen.setAttribute("aria-hidden", "true");
    area.insertAdjacentElement("afterend", seen);
    var pause;
    function sentence() {
      var left = limit - Array.from(area.value).length;
      return left < 0 ? plural(-left, "caractère") + " en trop" : "Il reste " + plural(left, "caractère");
    }
    function refresh() {
      seen.textContent = sentence();
      seen.classList.toggle("count-left--over", sentence().endsWith("en trop"));
    }
    area.addEventListener("input", function () {
      refresh();
      clearTimeout(pause);
      pause = setTimeout(function () {
        announce(sentence());
      }, 1500);
    });
    refresh();
  }

  /* A form marked `data-keep` warns before the page is left with unsent text. */
  var unsent = null;
  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-keep]");
    if (form) unsent = form;
  });
  document.addEventListener("submit", function () {
    unsent = null;
  });
  document.addEventListener("site:kept", function (event) {
    if (unsent === event.detail) unsent = null;
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsent) event.preventDefault();
  });

  /* A field marked `data-submits` sends its form when it changes (facets, sorting). */
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  /* A table that does not scroll is not a stop for the keyboard. */
  function settleTables(root) {
    root.querySelectorAll(".fr-table__container[role=region], .prose-table").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
    });
  }

  /* The box that ticks all the others, and how many are ticked. */
  function boxes(name) {
    return Array.from(document.querySelectorAll("input[type=checkbox][name='" + CSS.escape(name) + "']"));
  }

  function tally(name) {
    var all = boxes(name);
    var ticked = all.filter(function (box) { return box.checked; }).length;
    document.querySelectorAll("[data-check-all]").forEach(function (box) {
      if (box.dataset.checkAll !== name) return;
      box.checked = all.length > 0 && ticked === all.length;
      box.indeterminate = ticked > 0 && ticked < all.length;
    });
    document.querySelectorAll("[data-count-of]").forEach(function (place) {
      if (place.dataset.countOf !== name) return;
      if (!place.dataset.invitation) place.dataset.invitation = place.textContent;
      place.textContent = ticked ? plural(ticked, "ligne") + (ticked < 2 ? " cochée" : " cochées") : place.dataset.invitation;
    });
    return ticked;
  }

  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches("[data-check-all]")) {
      boxes(box.dataset.checkAll).forEach(function (one) { one.checked = box.checked; });
      var ticked = tally(box.dataset.checkAll);
      announce(ticked ? plural(ticked, "ligne") + (ticked < 2 ? " cochée" : " cochées") : "Plus aucune ligne cochée");
    } else if (box.matches("input[type=checkbox][name]")) {
      tally(box.name);
    }
  });

  function enhance(root) {
    root.querySelectorAll("[data-check-all]").forEach(function (box) {
      tally(box.dataset.checkAll);
    });
    root.querySelectorAll("textarea[data-limit]").forEach(count);
    settleTables(root);
    focusSummary(root);
  }

  enhance(document);
  window.addEventListener("resize", function () {
    settleTables(document);
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    /* What was swapped as a whole is no longer in the page: its successor has the same id. */
    var fresh = document.getElementById(event.target.id) || event.target;
    enhance(fresh);
    var said = fresh.querySelector("[data-say-after-swap]");
    if (said) announce(said.textContent);
  });
  /* Another script of the site has something to say. */
  document.addEventListener("site:say", function (event) {
    announce(event.detail);
  });
  document.addEventListener("htmx:responseError", function () {
    announce("La demande n'a pas abouti. Rechargez la page puis réessayez.");
  });
  document.addEventListener("htmx:sendError", function () {
    announce("Le site ne répond pas. Vérifiez votre connexion puis réessayez.");
  });
})();
