type Change = { value: string; count: number; added: boolean; removed: boolean };
export function diffLines(before: string, after: string, options?: object): Change[] | undefined;
