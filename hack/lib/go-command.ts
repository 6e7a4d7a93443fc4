/** The Go our own tests and checks use; the only place in hack/ that says where it is. */
export const goCommand = (): string => 'go';
