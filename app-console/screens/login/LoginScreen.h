// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Error.h>
#include <base/Secret.h>

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSettings;
class QStackedWidget;

namespace platen::widgets {
class Banner;
}

namespace platen::console {

class CertificateStore;
class CertificatePanel;
class ServerConnection;

/// Server, name and password; and what to do about a certificate nobody vouches for. What was typed is never lost.
class LoginScreen final : public QWidget {
    Q_OBJECT

public:
    LoginScreen(ServerConnection& server, CertificateStore& certificates, QSettings& settings, QWidget* parent = nullptr);

    void setServer(const QString& typed);
    void setName(const QString& name);

    /// Why the form is shown again: the session's end in words.
    void sayWhy(ErrorCode why);

    void submit();

    /// Goes on with an earlier session instead of asking for a password.
    void goOn(const Secret& token);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Field {
        QLineEdit* edit = nullptr;
        QLabel* error = nullptr;
    };

    QWidget* makeForm();
    Field addField(class QVBoxLayout* column, const QString& label, const QString& objectName);
    void clearErrors();
    void blame(const Field& field, const QString& words);
    bool check();
    void logIn();
    void refused(const Error& error);
    void openFailed(const Error& error);
    void setBusy(bool busy, const QString& words = {});
    void warnIfPlain();
    void showForm();

    ServerConnection& m_server;
    CertificateStore& m_certificates;
    QSettings& m_settings;
    QStackedWidget* m_pages = nullptr;
    CertificatePanel* m_certificate = nullptr;
    widgets::Banner* m_banner = nullptr;
    Field m_address, m_name, m_password;
    QLabel* m_plain = nullptr;
    QPushButton* m_logIn = nullptr;
};

} // namespace platen::console
