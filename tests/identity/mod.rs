//! Who is let in, how, and for how long.

mod accounts;
mod activity;
mod artists;
mod artists_form;
mod canaries;
mod commands;
mod confirm;
mod keys;
mod links;
mod openid;
mod own_account;
mod people;
mod roles_of_aws;
mod sessions;
mod sign_in;
mod sign_out;
mod strangers;
mod tokens;
