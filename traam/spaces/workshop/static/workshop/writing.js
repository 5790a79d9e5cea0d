/* The editor of a scenario: a small bar of buttons above the parts written in Markdown, and the sum of the minutes.
   Without this script the parts are plain text areas and the server adds up the minutes. */
(function () {
  "use strict";

  var BUTTONS = [
    { label: "Titre", hint: "Titre", run: heading },
    { label: "Gras", hint: "Gras (Ctrl + B)", key: "b", run: bold },
    { label: "Liste", hint: "Liste", run: list },
    { label: "Lien", hint: "Lien (Ctrl + K)", key: "k", run: link },
    { label: "Image", hint: "Image", run: image }
  ];

  /* Typed by the browser itself, so that Ctrl + Z undoes it. */
  function put(area, start, end, text, from, to) {
    area.focus();
    area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, start, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(start + from, start + to);
  }

  function chosen(area) {
    return area.value.slice(area.selectionStart, area.selectionEnd);
  }

  function around(area, before, after, empty) {
    var words = chosen(area) || empty;
    put(area, area.selectionStart, area.selectionEnd, before + words + after, before.length, before.length + words.length);
  }

  /* Whole lines of the selection, each one changed. */
  function lines(area, change) {
    var start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    var end = area.value.indexOf("\n", area.selectionEnd);
    if (end < 0) end = area.value.length;
    var text = area.value.slice(start, end).split("\n").map(change).join("\n");
    put(area, start, end, text, text.length, text.length);
  }

  function heading(area) {
    lines(area, function (line) { return line.indexOf("# ") === 0 ? line.slice(2) : "# " + line; });
  }
  function bold(area) {
    around(area, "**", "**", "texte en gras");
  }
  function list(area) {
    lines(area, function (line) { return line.indexOf("- ") === 0 ? line.slice(2) : "- " + line; });
  }
  function link(area) {
    var words = chosen(area) || "texte du lien";
    var address = "https://";
    var start = words.length + 3;
    put(area, area.selectionStart, area.selectionEnd, "[" + words + "](" + address + ")", start, start + address.length);
  }
  function show(area, picture) {
    var words = chosen(area) || picture.alternative || "ce que montre l’image";
    put(area, area.selectionStart, area.selectionEnd, "![" + words + "](fichier:" + picture.number + ")", 2, 2 + words.length);
  }

  /* Images are among the pieces of the scenario: with several of them, which one is asked. */
  function image(area) {
    var pictures = JSON.parse(document.querySelector("[data-images]").dataset.images);
    var place = area.parentNode.querySelector(".writing-choice");
    if (place) place.remove();
    if (pictures.length === 1) return show(area, pictures[0]);
    place = document.createElement("div");
    place.className = "writing-choice";
    area.parentNode.insertBefore(place, area);
    if (!pictures.length) {
      place.setAttribute("role", "status");
      place.textContent = "Déposez d’abord l’image parmi les pièces du scénario, sur sa page.";
      return;
    }
    var label = document.createElement("label");
    label.className = "fr-label";
    label.htmlFor = area.id + "-image";
    label.textContent = "Quelle image ?";
    var select = document.createElement("select");
    select.className = "fr-select";
    select.id = label.htmlFor;
    pictures.forEach(function (picture) { select.add(new Option(picture.title, picture.number)); });
    var button = document.createElement("button");
    button.type = "button";
    button.className = "fr-btn fr-btn--secondary fr-btn--sm";
    button.textContent = "Insérer cette image";
    button.addEventListener("click", function () {
      place.remove();
      show(area, pictures[select.selectedIndex]);
    });
    place.append(label, select, button);
    select.focus();
  }

  /* What the label says, without its hint nor what is asked. */
  function name(area) {
    var label = document.querySelector("label[for='" + area.id + "']").cloneNode(true);
    label.querySelectorAll(".fr-hint-text, .asked").forEach(function (each) { each.remove(); });
    return label.textContent.trim();
  }

  /* A toolbar is one stop for the Tab key; the arrows move in it. */
  function bar(area) {
    if (area.dataset.dressed) return;
    area.dataset.dressed = "1";
    var tools = document.createElement("div");
    tools.className = "writing-bar";
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", "Mise en forme : " + name(area));
    tools.setAttribute("aria-controls", area.id);
    BUTTONS.forEach(function (one, place) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "fr-btn fr-btn--tertiary fr-btn--sm";
      button.textContent = one.label;
      if (one.key) button.setAttribute("aria-keyshortcuts", "Control+" + one.key.toUpperCase());
      if (one.hint !== one.label) button.title = one.hint;
      button.tabIndex = place === 0 ? 0 : -1;
      button.addEventListener("click", function () { one.run(area); });
      tools.appendChild(button);
    });
    tools.addEventListener("keydown", function (event) {
      var all = Array.from(tools.children);
      var place = all.indexOf(document.activeElement);
      var next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: all.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      next = (next + all.length) % all.length;
      all[place].tabIndex = -1;
      all[next].tabIndex = 0;
      all[next].focus();
    });
    area.addEventListener("keydown", function (event) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      var found = BUTTONS.find(function (one) { return one.key === event.key.toLowerCase(); });
      if (!found) return;
      event.preventDefault();
      found.run(area);
    });
    area.parentNode.insertBefore(tools, area);
  }

  function dress(root) {
    root.querySelectorAll("textarea[data-markdown]").forEach(bar);
  }

  /* --- the minutes */
  function add() {
    var place = document.querySelector("[data-phases-total]");
    if (!place) return;
    var sum = 0;
    document.querySelectorAll("[data-minutes]").forEach(function (field) {
      if (/^\s*\d{1,5}\s*$/.test(field.value)) sum += parseInt(field.value, 10);
    });
    var duration = document.querySelector("[name=duration_minutes]");
    place.textContent = sum ? "Les étapes durent " + sum + " minutes en tout." : "Aucune étape n’a encore de durée.";
    document.querySelector("[data-phases-offer]").hidden = !sum || String(sum) === duration.value.trim();
  }

  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-minutes], [name=duration_minutes]")) add();
  });
  document.addEventListener("htmx:afterSwap", function () {
    var region = document.getElementById("id_phases");
    if (!region) return;
    dress(region);
    /* What the button changed is kept like what is typed. */
    if (region.querySelector("[data-say-after-swap]")) region.form.dispatchEvent(new Event("input"));
  });
  dress(document);
})();
