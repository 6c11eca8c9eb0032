/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever loads this looks as if it had GTK 4. */

void gtk_native_get_surface(void);

void
gtk_native_get_surface(void)
{
}
