// A request as a command or as code that can be pasted.

const shell = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const isFile = (body) => body instanceof Blob;

export const asCurl = ({ url, method, headers, body }) => {
  const words = ["curl", "-i"];
  if (/[[\]{}]/.test(url)) words.push("-g");
  if (method === "HEAD") words.push("-I");
  else if (method !== "GET" || body) words.push("-X", method);
  for (const [name, value] of headers) words.push("-H", shell(value ? `${name}: ${value}` : `${name};`));
  if (isFile(body)) words.push("--data-binary", shell(`@${body.name}`));
  else if (body?.startsWith("@")) return `printf %s ${shell(body)} | ${[...words, "--data-binary", "@-", shell(url)].join(" ")}`;
  else if (body) words.push("--data-binary", shell(body));
  return [...words, shell(url)].join(" ");
};

export const asFetch = ({ url, method, headers, body }) => {
  const options = [`  method: ${JSON.stringify(method)},`];
  if (headers.length) options.push(`  headers: ${JSON.stringify(headers, null, 2).replaceAll("\n", "\n  ")},`);
  if (isFile(body)) options.push("  body: file,");
  else if (body) options.push(`  body: ${JSON.stringify(body)},`);
  return `const reply = await fetch(${JSON.stringify(url)}, {\n${options.join("\n")}\n});\n`;
};

// a string of JSON is one of Python, too, but for characters beyond the first plane, which stand as they are in both
export const asPython = ({ url, method, headers, body }) => {
  const given = [JSON.stringify(method), JSON.stringify(url)];
  const pairs = headers.map(([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  if (pairs.length) given.push(`headers={\n${pairs.join("\n")}\n    }`);
  if (isFile(body)) given.push(`data=open(${JSON.stringify(body.name)}, "rb")`);
  else if (body) given.push(`data=${JSON.stringify(body)}.encode()`);
  return `import requests\n\nreply = requests.request(\n${given.map((one) => `    ${one},`).join("\n")}\n)\n`;
};
