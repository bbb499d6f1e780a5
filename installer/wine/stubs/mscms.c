/* Test-only stand-in: Wine's mscms.dll lacks WcsCreateIccProfile, which Qt calls for each screen. */
#define API __declspec(dllexport)

API int GetColorProfileFromHandle(void *profile, unsigned char *buffer, unsigned *size) { return 0; }
API int CloseColorProfile(void *profile) { return 1; }
API void *WcsCreateIccProfile(void *profile, unsigned options) { return 0; }
API void *OpenColorProfileW(void *profile, unsigned access, unsigned share, unsigned creation) { return 0; }
