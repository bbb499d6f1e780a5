/* Test-only stand-in for Windows' own icuuc.dll, which Wine lacks; Qt asks it only for legacy text codecs.
   Every function says "not available" by setting an error. */
#define API __declspec(dllexport)
#define FAIL if (error) *error = 4

API void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
API void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}
API void *ucnv_open(const char *name, int *error) { FAIL; return 0; }
API void ucnv_close(void *converter) {}
API void ucnv_reset(void *converter) {}
API signed char ucnv_getMaxCharSize(void *converter) { return 1; }
API const char *ucnv_getName(void *converter, int *error) { FAIL; return 0; }
API void ucnv_getToUCallBack(void *converter, void **action, const void **context) {
    if (action) *action = 0;
    if (context) *context = 0;
}
API void ucnv_getFromUCallBack(void *converter, void **action, const void **context) {
    if (action) *action = 0;
    if (context) *context = 0;
}
API void ucnv_setToUCallBack(void *converter, void *action, const void *context, void **old_action,
                             const void **old_context, int *error) { FAIL; }
API void ucnv_setFromUCallBack(void *converter, void *action, const void *context, void **old_action,
                               const void **old_context, int *error) { FAIL; }
API void ucnv_cbToUWriteUChars(void *arguments, const void *source, int length, int offset, int *error) { FAIL; }
API void ucnv_cbFromUWriteUChars(void *arguments, const void **source, const void *limit, int offset,
                                 int *error) { FAIL; }
API void ucnv_toUnicode(void *converter, void **target, const void *target_limit, const void **source,
                        const void *source_limit, int *offsets, signed char flush, int *error) { FAIL; }
API void ucnv_fromUnicode(void *converter, void **target, const void *target_limit, const void **source,
                          const void *source_limit, int *offsets, signed char flush, int *error) { FAIL; }
API int ucnv_toUCountPending(void *converter, int *error) { return 0; }
API int ucnv_fromUCountPending(void *converter, int *error) { return 0; }
API const char *ucnv_getStandardName(const char *name, const char *standard, int *error) { FAIL; return 0; }
API const char *ucnv_getAvailableName(int index) { return 0; }
API int ucnv_countAvailable(void) { return 0; }
