// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "FieldList.h"

#include <QFrame>

class QBoxLayout;
class QLabel;
class QScrollArea;
class QToolButton;
class QLayout;
class QVBoxLayout;

namespace platen::widgets {
class Banner;
class StatePill;
}

namespace platen::model {
struct Supply;
}

namespace platen::console {

class AlertList;
class DeviceDetails;
class HistoryView;

/// Everything of one device: state and panel, alerts, supplies, history, meters, identity. Beside the table in one column, over
/// the whole page in two.
class DetailsPane final : public QFrame {
    Q_OBJECT

public:
    explicit DetailsPane(DeviceDetails& details, QWidget* parent = nullptr);

    void setWide(bool wide);
    bool isWide() const { return m_isWide; }

signals:
    void closeRequested();
    void wideRequested(bool wide);
    void historyShown();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeBody();
    QVBoxLayout* addSection(QVBoxLayout* column, const QString& title, QLabel** caption = nullptr);
    void showDevice();
    void showHead();
    void showPanel();
    void showSupplies(const QList<model::Supply>& supplies);
    void showMeters();
    void showIdentity();

    DeviceDetails& m_details;
    bool m_isWide = false;
    QToolButton* m_back = nullptr;
    QToolButton* m_widen = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_subtitle = nullptr;
    widgets::StatePill* m_state = nullptr;
    QLabel* m_seen = nullptr;
    widgets::Banner* m_banner = nullptr;
    QScrollArea* m_scroll = nullptr;
    QBoxLayout* m_columns = nullptr;
    QVBoxLayout* m_left = nullptr;
    QVBoxLayout* m_right = nullptr;
    QLayout* m_identitySection = nullptr;
    QWidget* m_panelBox = nullptr;
    QLabel* m_panel = nullptr;
    AlertList* m_alerts = nullptr;
    QVBoxLayout* m_supplies = nullptr;
    QLabel* m_noSupplies = nullptr;
    HistoryView* m_history = nullptr;
    FieldList* m_meters = nullptr;
    QLabel* m_metersCaption = nullptr;
    FieldList* m_identity = nullptr;
};

} // namespace platen::console
