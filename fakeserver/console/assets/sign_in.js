import { openSession, takeToken } from "./session.js";

const form = document.getElementById("sign-in");
const refusal = document.getElementById("refusal");

const signIn = async (token) => {
  refusal.textContent = "";
  if (await openSession(token)) location.replace(location.pathname + location.search);
  else refusal.textContent = "This is not the token that the server printed at its start.";
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(form.elements.token.value.trim());
});

const signInByAddress = () => {
  const token = takeToken();
  if (token) signIn(token);
};

addEventListener("hashchange", signInByAddress);
form.elements.token.focus();
signInByAddress();
