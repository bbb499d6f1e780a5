/* Test-only stand-in for Windows' own bcryptprimitives.dll, which Wine 8 lacks; Rust's libraries draw their random
   numbers through it. It hands on to the system's generator. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
    while (length > 0) {
        ULONG part = length > 0x10000000 ? 0x10000000 : (ULONG)length;
        if (!RtlGenRandom(buffer, part)) return FALSE;
        buffer += part;
        length -= part;
    }
    return TRUE;
}
