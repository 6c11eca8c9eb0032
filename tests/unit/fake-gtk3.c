/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever loads this looks as if it had GTK 3. */

void gtk_container_add(void);

void
gtk_container_add(void)
{
}
