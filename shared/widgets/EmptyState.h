// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace platen::widgets {

/// Why a place is empty, in one sentence, with one button that changes it.
class EmptyState final : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent = nullptr);

    /// `action` is the button's verb, empty for none.
    void present(const QString& iconName, const QString& title, const QString& words, const QString& action);

    QString words() const;

signals:
    void actionTriggered();

protected:
    void changeEvent(QEvent* event) override;

private:
    void drawIcon();

    QString m_iconName;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_words;
    QPushButton* m_action;
};

} // namespace platen::widgets
