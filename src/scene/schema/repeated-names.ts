/** Complaints about items of a list that have the same name as one before them. */
export function complaintsAboutRepeated(
  names: readonly string[],
  field: string,
  name: string,
): { readonly path: readonly (string | number)[]; readonly message: string }[] {
  return names.flatMap((one, i) =>
    names.indexOf(one) === i
      ? []
      : [{ path: [field, i, name], message: `must differ from every other ${name} of ${field}` }],
  );
}
