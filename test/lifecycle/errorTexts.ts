export const errorTexts: Record<string,string> = {};
