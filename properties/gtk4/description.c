/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "description.h"

void
description_set(GtkWidget *widget, const char *text)
{
	/* The label of the subtitle, whose text GTK 4.18 does not find. */
	gtk_accessible_reset_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
	gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
								   text, -1);
}
