// The key that lets a program in. Whoever runs the checks says which.

export const BEARER = { authorization: `Bearer ${process.env.PATCHLINE_KEY}` };
