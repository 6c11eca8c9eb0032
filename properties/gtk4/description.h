/* SPDX-License-Identifier: GPL-2.0-or-later */

#pragma once

#include <gtk/gtk.h>

/**
 * description_set: has a screen reader say a text of a widget, after its name.
 * @widget: a row of libadwaita's, which otherwise says nothing (1.7) or its tooltip (1.2)
 * @text: what is set there, in one or more lines
 */
void description_set(GtkWidget *widget, const char *text);
