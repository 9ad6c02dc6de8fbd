import { control } from "./session.js";

const form = document.getElementById("prepare");
const refusal = form.querySelector("[role=alert]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  refusal.textContent = "";
  form.querySelector("output").textContent = "";
  try {
    const { id } = await control("POST", "answers", JSON.parse(form.elements.prepared.value));
    form.querySelector("output").textContent = `Prepared as answer ${id}.`;
  } catch (error) {
    refusal.textContent = error.message;
  }
});
