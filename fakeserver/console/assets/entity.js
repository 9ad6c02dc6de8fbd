import { control } from "./session.js";

const form = document.getElementById("entity");
const refusal = document.getElementById("refusal");
const { resource, key, world } = form.dataset;
const query = new URLSearchParams(world ? { resource, world } : { resource });

const attempt = async (work) => {
  refusal.textContent = "";
  form.elements.values.removeAttribute("aria-invalid");
  try {
    return await work();
  } catch (error) {
    refusal.textContent = error.message;
    form.elements.values.setAttribute("aria-invalid", "true");
    return undefined;
  }
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const path = key ? `entities/${encodeURIComponent(key)}` : "entities";
  const row = await attempt(() => control(key ? "PUT" : "POST", `${path}?${query}`, JSON.parse(form.elements.values.value)));
  if (!row) return;
  if (!key) location.assign(`entity?${query}&${new URLSearchParams({ key: row.key })}`);
  form.elements.values.value = JSON.stringify(row.values, null, 2);
  form.querySelector("output").textContent = "Saved.";
});

document.getElementById("delete")?.addEventListener("click", async () => {
  const done = await attempt(async () => {
    await control("DELETE", `entities/${encodeURIComponent(key)}?${query}`);
    return true;
  });
  if (done) location.assign(`state?${query}`);
});
