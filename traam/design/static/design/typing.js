/* A long form is kept as it is typed: when the typing pauses, and when the page is left. It never blocks anything. */
(function () {
  "use strict";

  var PAUSE = 1500; /* ms after the last key */
  var RETRY = 30000; /* ms after a failure of the network */
  var LIGHT = 60000; /* browsers let a page that closes send 64 kB, no more */
  var LOST = "Votre saisie n’est plus gardée\u00a0: ";
  var ENDED = LOST + "votre session a pris fin. Enregistrez maintenant\u00a0: votre texte vous attendra après la connexion.";
  var CHANGED = LOST + "vous vous êtes connecté de nouveau dans un autre onglet. Copiez votre texte, puis rechargez cette page.";
  var SILENT = LOST + "le site ne répond pas. Elle reste dans cette page, un nouvel essai suivra.";

  function watch(form) {
    var place = form.querySelector("[data-typing-state]");
    var timer = null;
    var changed = false;
    var running = null;
    var leaving = false;
    var mood = ""; /* "" before the first answer, then "kept" or the reason of the failure */

    function typed() {
      var secret = {};
      Array.from(form.elements).forEach(function (control) {
        if (control.type === "password" || control.hasAttribute("data-not-kept")) secret[control.name] = true;
      });
      var body = new URLSearchParams();
      new FormData(form).forEach(function (value, name) {
        if (typeof value === "string" && !secret[name]) body.append(name, value);
      });
      body.append("typing-place", form.dataset.place);
      return body.toString();
    }

    /* What changes in mood is said; a new time is only shown. */
    function show(sentence, now) {
      place.textContent = sentence;
      if (mood !== now) document.dispatchEvent(new CustomEvent("site:say", { detail: sentence }));
      mood = now;
    }

    function plan(delay) {
      clearTimeout(timer);
      timer = setTimeout(keep, delay);
    }

    function fail(sentence, retry) {
      changed = true;
      show(sentence, sentence);
      if (retry) plan(RETRY);
    }

    function read(answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401) return fail(ENDED);
      if (answer.status === 403) return fail(CHANGED);
      if (answer.status >= 500) return fail(SILENT, true);
      return answer.json().then(function (told) {
        if (!answer.ok) return fail(LOST + told.reason);
        show("Votre saisie est gardée (" + told.time + ").", "kept");
        if (!changed) document.dispatchEvent(new CustomEvent("site:kept", { detail: form }));
      });
    }

    function keep() {
      if (!changed || leaving) return;
      if (running) return plan(PAUSE);
      send(false);
    }

    function send(closing) {
      var body = typed();
      clearTimeout(timer);
      changed = false;
      running = new AbortController();
      fetch(form.dataset.typing, {
        method: "POST",
        body: body,
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: closing && body.length < LIGHT,
        signal: running.signal
      })
        .then(read)
        .catch(function (problem) {
          if (problem.name !== "AbortError") fail(SILENT, true);
        })
        .finally(function () {
          running = null;
        });
    }

    form.addEventListener("input", function () {
      changed = true;
      leaving = false;
      plan(PAUSE);
    });
    /* The form itself is sent: what is kept must not arrive after it. */
    form.addEventListener("submit", function () {
      leaving = true;
      clearTimeout(timer);
      if (running) running.abort();
    });
    function close() {
      if (changed && !leaving) send(true);
    }
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") close();
    });
    window.addEventListener("pagehide", close);
    /* The page came back refused: its text is saved nowhere yet. */
    if (document.getElementById("erreurs")) {
      changed = true;
      plan(PAUSE);
    }
  }

  document.querySelectorAll("form[data-typing]").forEach(watch);
})();
