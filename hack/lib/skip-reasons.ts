/**
 * Accepted reasons for a skipped test on a CI machine: things that no such machine can have. Any other reason fails CI,
 * so that somebody notices a test that never runs. On other machines the reasons are only printed.
 */
export const skipReasons: readonly { readonly says: RegExp; readonly because: string }[] = [
  {
    says: /\broot\b|another user|another's|nobody may not run/,
    because: 'CI need not be root, and then is no other user either',
  },
  { says: /^mounting is not permitted here|^no tmpfs can be mounted/, because: 'a container may not mount' },
  { says: /^there is no \/proc|^strace is a program of Linux$/, because: 'CI may have another system' },
  { says: /^its wheel is for Linux on x86-64 only$/, because: 'CI may have another processor' },
  {
    says: /^cosign takes minutes to build/,
    because: 'CI asks its library, and would spend minutes for `cosign tree` alone',
  },
  { says: /^one processor$/, because: 'nothing is read ahead with one' },
  { says: /faster than a process can be killed$/, because: 'the moment a test waits for did not come' },
  { says: /^this Go has no binary of Go 1\.17/, because: 'Go may leave its test data away' },
  { says: /^no old Node is on PATH$/, because: 'what is tested is that one is refused' },
  { says: /^its file or suite failed before$|^the process of its file ended$/, because: 'that is a failure already' },
];

/** Undefined for a reason in the table. */
export const unknownReason = (why: string | undefined): string | undefined =>
  skipReasons.some(({ says }) => says.test(why ?? '')) ? undefined : (why ?? 'nobody says why');
