/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an editor edits: a copy of a profile's keys, in which a key is changed, checked and
 * described, and from which the changed ones, and no others, go back into a connection. No widget
 * is in here, so both editors share it, and its test needs no desktop.
 *
 * A key means its field (editor-field.h): an older spelling, or a list, is read and written where
 * the profile has it.
 */

#pragma once

#include <NetworkManager.h>

#include "editor-field.h"
#include "sign-in.h"

typedef struct _EditorModel EditorModel;

/**
 * editor_model_new:
 * @connection: what is to be edited; new where its VPN setting has no keys, or is not there
 *
 * Returns: (transfer full): its copy; free with editor_model_free(), which wipes the secrets
 */
EditorModel *editor_model_new(NMConnection *connection);
void editor_model_free(EditorModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditorModel, editor_model_free)

/* (transfer full): the value as the profile has it; NULL where it is not set. */
char *editor_model_get(const EditorModel *model, const char *key);

/* (transfer full): the same in its one spelling (option_normalize()); NULL where it is not set, or
 * wrong. */
char *editor_model_get_normal(const EditorModel *model, const char *key);

/**
 * editor_model_set:
 * @model: the model
 * @key: of a field; no secret
 * @value: (nullable): what somebody entered; blanks around it are left out. Nothing is not set
 *
 * What was there when the profile was opened comes back in the spelling that it had.
 *
 * Returns: whether that was a change
 */
gboolean editor_model_set(EditorModel *model, const char *key, const char *value);

/**
 * editor_model_choose:
 * @model: the model
 * @field: an %EDITOR_CHOICE or %EDITOR_SWITCH
 * @word: (nullable): one of its words, yes or no; %NULL for the default
 *
 * As editor_model_set(), but what means the same as what is there, or was there when the profile
 * was opened, is left in the word that it has.
 */
gboolean editor_model_choose(EditorModel *model, const EditorField *field, const char *word);

/* A switch is turned: to what is so anyway it goes by not being set. */
gboolean editor_model_switch(EditorModel *model, const EditorField *field, gboolean on);

/* (nullable) (transfer none): a secret that is there. */
const char *editor_model_get_secret(const EditorModel *model, const char *key);

/* The same for a secret. One that was never set stays where NetworkManager has it. */
gboolean editor_model_set_secret(EditorModel *model, const char *key, const char *value);

/* How a secret is kept. One that is asked for each time, or that there is none of, goes. */
NMSettingSecretFlags editor_model_get_storage(const EditorModel *model, const char *key);
gboolean editor_model_set_storage(EditorModel *model, const char *key, NMSettingSecretFlags flags);

/* vpn.persistent: reconnect for ever. */
gboolean editor_model_get_persistent(const EditorModel *model);
gboolean editor_model_set_persistent(EditorModel *model, gboolean persistent);

SignIn editor_model_get_sign_in(const EditorModel *model);

/**
 * editor_model_set_sign_in:
 * @model: the model
 * @method: how to sign in
 *
 * Sets what the method is made of, and nothing else; what another had comes back with it.
 *
 * Returns: whether that was a change
 */
gboolean editor_model_set_sign_in(EditorModel *model, SignIn method);

/* What people call the key where they see it: on the first page that depends on how they sign in.
 */
const char *editor_model_get_label(const EditorModel *model, const char *key);

/* Whether a page shows the field now: its IKE version is the profile's, or it is set all the same.
 */
gboolean editor_model_shows(const EditorModel *model, const EditorField *field);

/**
 * editor_model_find_problem:
 * @model: the model
 * @key: of a field
 *
 * Returns: (transfer full): a sentence for people that names the field, what is wrong and what
 * would be right; %NULL where nothing is wrong with it
 */
char *editor_model_find_problem(const EditorModel *model, const char *key);

/**
 * editor_model_check:
 * @model: the model
 * @error: %PROFILE_ERROR; a sentence for people
 *
 * Returns: whether there is no problem, neither with a field nor with two of them together
 */
gboolean editor_model_check(const EditorModel *model, GError **error);

/**
 * editor_model_make_profile:
 * @model: the model
 * @without: (nullable): a key to leave out
 * @error: %PROFILE_ERROR
 *
 * Returns: (transfer full): the profile as it would be, less what is wrong with it by itself
 */
Profile *editor_model_make_profile(const EditorModel *model, const char *without, GError **error);

/**
 * editor_model_describe_default:
 * @model: the model
 * @field: a field of no secret
 *
 * Returns: (transfer full): what is so where it is not set, as people read it; %NULL for nothing
 */
char *editor_model_describe_default(const EditorModel *model, const EditorField *field);

/* (transfer full): "Automatic", and what that is where it is not too long to be read at a glance;
 * NULL where nothing is so. */
char *editor_model_describe_automatic(const EditorModel *model, const EditorField *field);

/* The state of an EDITOR_SWITCH, set or not. */
gboolean editor_model_is_on(const EditorModel *model, const EditorField *field);

/**
 * editor_model_name_fields:
 * @model: the model
 * @message: a message of a profile's, which names keys
 *
 * Returns: (transfer full): a sentence that names them as people do
 */
char *editor_model_name_fields(const EditorModel *model, const char *message);

/* How many keys the profile has that are on no page. */
guint editor_model_count_kept(const EditorModel *model);

/**
 * editor_model_apply:
 * @model: the model
 * @connection: gets what has been changed; a VPN setting of our type where it has none
 *
 * As often as one likes: the result is the same.
 */
void editor_model_apply(const EditorModel *model, NMConnection *connection);
