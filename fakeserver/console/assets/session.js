// A token in the address opens a session, and is taken out of the address at once: of the history, too.
const PREFIX = "#token=";

/** Open a session; return whether the token is the server's. */
export const openSession = async (token) => {
  const reply = await fetch("/__docdouble__/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  return reply.ok;
};

/** Call the control API with the session of this browser; throws an Error with its reason where it refuses. */
export const control = async (method, path, body) => {
  const reply = await fetch(`/__docdouble__/api/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  const value = text ? JSON.parse(text) : null;
  if (!reply.ok) throw new Error(value?.detail ?? `status ${reply.status}`);
  return value;
};

/** Return the token of the address, which is taken out of it; null where there is none. */
export const takeToken = () => {
  if (!location.hash.startsWith(PREFIX)) return null;
  const token = decodeURIComponent(location.hash.slice(PREFIX.length));
  history.replaceState(null, "", location.pathname + location.search);
  return token;
};

document.getElementById("sign-out")?.addEventListener("click", async () => {
  await fetch("/__docdouble__/session", { method: "DELETE" });
  location.reload();
});

if (!document.getElementById("sign-in")) {
  takeToken();
  addEventListener("hashchange", async () => {
    const token = takeToken();
    if (token && (await openSession(token))) location.reload(); // the server was started anew
  });
}
