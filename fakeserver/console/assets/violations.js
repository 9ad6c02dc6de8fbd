// Words for what breaks the documentation, as the request log has them.

export const placeOf = (violation) => {
  const name = `${violation.name ?? ""}${violation.pointer ?? ""}`;
  return [name, violation.in && `the ${violation.in}`].filter(Boolean).join(" in ");
};

export const inWords = (violation) => [placeOf(violation), violation.message].filter(Boolean).join(": ");
