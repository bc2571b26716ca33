type Cell = string | number | boolean | null;

/** Beginnings that a spreadsheet would take for a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r]/;

const cellOf = (value: Cell): string => {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * Writes a line of CSV. A text that a spreadsheet would run as a formula begins with an apostrophe.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(",")}\r\n`;
