import { control } from "./session.js";

const refusal = document.getElementById("refusal");

const change = async (method, path, body) => {
  refusal.textContent = "";
  try {
    await control(method, path, body);
    location.reload();
  } catch (error) {
    refusal.textContent = error.message;
    refusal.scrollIntoView({ block: "center" });
  }
};

/** Return what is filled in, boxes that are ticked as true. */
const filledIn = (form) => {
  const values = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") values[field.name] = field.checked || undefined;
    else values[field.name] = field.value.trim() || undefined;
  }
  const { world, ...rest } = JSON.parse(JSON.stringify(values));
  return [world ? `?${new URLSearchParams({ world })}` : "", rest];
};

for (const button of document.querySelectorAll("button[data-end]")) {
  button.addEventListener("click", () => change("DELETE", button.dataset.end));
}

document.getElementById("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const [query, fault] = filledIn(event.target);
  change("POST", `faults${query}`, fault);
});

document.getElementById("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  const [query, { answer, ...rest }] = filledIn(event.target);
  const numbers = { status: Number(rest.status), ...(rest.times ? { times: Number(rest.times) } : {}) };
  try {
    const body = answer === undefined ? {} : { answer: JSON.parse(answer) };
    change("POST", `answers${query}`, { ...rest, ...numbers, ...body });
  } catch (error) {
    refusal.textContent = `the body is no JSON: ${error.message}`;
  }
});
