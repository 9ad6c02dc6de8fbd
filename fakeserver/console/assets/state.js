import { control } from "./session.js";

const choice = document.getElementById("world-choice");
const snapshot = document.getElementById("snapshot");
const refusal = document.getElementById("refusal");

choice?.addEventListener("submit", (event) => {
  event.preventDefault();
  const query = new URLSearchParams(location.search);
  query.set("world", choice.elements.world.value.trim());
  query.delete("skip");
  location.search = query;
});

const changeState = async (method, body) => {
  refusal.textContent = "";
  const world = snapshot.dataset.world;
  try {
    await control(method, `state${world ? `?${new URLSearchParams({ world })}` : ""}`, body);
    location.reload();
  } catch (error) {
    refusal.textContent = error.message;
  }
};

document.getElementById("reset")?.addEventListener("click", () => changeState("DELETE"));
snapshot?.querySelector("input[type=file]").addEventListener("change", async (event) => {
  const text = await event.target.files[0].text();
  event.target.value = "";
  try {
    await changeState("PUT", JSON.parse(text));
  } catch (error) {
    refusal.textContent = `no JSON file: ${error.message}`;
  }
});
