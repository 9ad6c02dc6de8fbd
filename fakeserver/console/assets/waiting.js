// A page that is still being worked out is asked for until it is there, and shown then: nothing is read out twice before.

const PAUSE = 1000;

async function look() {
  const reply = await fetch(location.href).catch(() => null);
  if (reply && !(reply.ok && (await reply.text()).includes("data-waiting"))) {
    location.reload();
  } else {
    setTimeout(look, PAUSE);
  }
}

if (document.querySelector("[data-waiting]")) {
  setTimeout(look, PAUSE);
}
