// Passkeys: a form asks the browser to make or to show one, puts its answer in the field, then goes.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (asked) => {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) } };
    publicKey.excludeCredentials = listed(asked.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey });
    return answer(made, {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    });
  };
  const show = async (asked) => {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: listed(asked.allowCredentials) };
    const shown = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
    return answer(shown, {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    });
  };
  const answer = (credential, response) => ({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });

  const SENTENCES = {
    InvalidStateError: "Cet appareil a déjà une clé d'accès pour votre compte.",
    NotAllowedError: "La clé d'accès n'a pas été donnée : le délai est passé, ou vous avez annulé. Réessayez.",
    SecurityError: "Le navigateur refuse les clés d'accès à cette adresse.",
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const trouble = document.getElementById(form.dataset.trouble);
    const tell = (sentence) => {
      trouble.querySelector("p").textContent = sentence;
      trouble.hidden = false;
    };
    form.addEventListener("submit", async (event) => {
      const field = form.querySelector("input[name=credential]");
      if (field.value) return;
      event.preventDefault();
      if (!window.PublicKeyCredential) return tell("Ce navigateur ne connaît pas les clés d'accès : choisissez un autre moyen.");
      const asked = JSON.parse(form.dataset.options).publicKey;
      try {
        field.value = JSON.stringify(await (form.dataset.passkey === "make" ? make(asked) : show(asked)));
      } catch (problem) {
        return tell(SENTENCES[problem.name] || "La clé d'accès n'a pas pu être lue : réessayez, ou choisissez un autre moyen.");
      }
      form.submit();
    });
  }
})();
