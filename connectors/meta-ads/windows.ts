/**
 * The attribution windows that are asked for. `7d_view` and `28d_view` are no longer answered.
 */
export const WINDOWS = ['1d_click', '7d_click', '28d_click', '1d_view'] as const;

/** The window of the plain value: whatever each ad set is set to. */
export const OWN_WINDOW = 'default';
